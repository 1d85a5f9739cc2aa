using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class DraftsOfWindows : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_FormDrafts_MembershipId_Form",
                table: "FormDrafts");

            migrationBuilder.AddColumn<string>(
                name: "Address",
                table: "FormDrafts",
                type: "character varying(600)",
                maxLength: 600,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Title",
                table: "FormDrafts",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            // Where a form is gone on with: pages say it from now on, and what is kept already is found again by it.
            // The wall holds its owner, too: it lets them through for this.
            migrationBuilder.Sql("""
                ALTER TABLE "FormDrafts" NO FORCE ROW LEVEL SECURITY;
                UPDATE "FormDrafts" SET "Address" = CASE
                    WHEN "Form" = 'need/new' THEN '/needs/new'
                    WHEN "Form" LIKE 'need/%/propose' THEN '/needs/' || substr("Form", 6)
                    WHEN "Form" LIKE 'need/NEED-%' AND "Form" NOT LIKE 'need/%/%' THEN '/needs/' || substr("Form", 6) || '/edit'
                    WHEN "Form" = 'programme/new' THEN '/programmes/new'
                    WHEN "Form" LIKE 'programme/%' THEN '/programmes/' || substr("Form", 11) || '/edit'
                    WHEN "Form" LIKE 'proposal/%' THEN '/proposals/' || substr("Form", 10) || '/edit'
                    WHEN "Form" LIKE 'offer/%/new' THEN '/providers/' || substr("Form", 7, length("Form") - 10) || '/offers/new'
                    WHEN "Form" LIKE 'profile/%' THEN '/providers/' || substr("Form", 9) || '/edit'
                    WHEN "Form" = 'access/people/invite' OR "Form" = 'access/grants/new' THEN '/' || "Form"
                END;
                ALTER TABLE "FormDrafts" FORCE ROW LEVEL SECURITY;
                """);

            migrationBuilder.CreateIndex(
                name: "IX_FormDrafts_MembershipId_Form",
                table: "FormDrafts",
                columns: new[] { "MembershipId", "Form" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_FormDrafts_MembershipId_Form",
                table: "FormDrafts");

            migrationBuilder.DropColumn(
                name: "Address",
                table: "FormDrafts");

            migrationBuilder.DropColumn(
                name: "Title",
                table: "FormDrafts");

            migrationBuilder.CreateIndex(
                name: "IX_FormDrafts_MembershipId_Form",
                table: "FormDrafts",
                columns: new[] { "MembershipId", "Form" },
                unique: true);
        }
    }
}
