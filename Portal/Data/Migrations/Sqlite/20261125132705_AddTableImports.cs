using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddTableImports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "ProgrammeId",
                table: "ImportLines",
                newName: "RecordId");

            migrationBuilder.AddColumn<string>(
                name: "Columns",
                table: "ImportJobs",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<string>(
                name: "Encoding",
                table: "ImportJobs",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Format",
                table: "ImportJobs",
                type: "TEXT",
                nullable: false,
                defaultValue: "Iati");

            migrationBuilder.AddColumn<bool>(
                name: "IsEncodingGuessed",
                table: "ImportJobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsMappedByHand",
                table: "ImportJobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "ImportJobs",
                type: "TEXT",
                nullable: false,
                defaultValue: "En");

            migrationBuilder.AddColumn<string>(
                name: "Subject",
                table: "ImportJobs",
                type: "TEXT",
                nullable: false,
                defaultValue: "Programmes");

            migrationBuilder.CreateTable(
                name: "OwnReferences",
                columns: table => new
                {
                    OrganisationId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    RecordId = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OwnReferences", x => new { x.OrganisationId, x.Subject, x.Text });
                });

            migrationBuilder.CreateIndex(
                name: "IX_OwnReferences_RecordId",
                table: "OwnReferences",
                column: "RecordId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "OwnReferences");

            migrationBuilder.DropColumn(
                name: "Columns",
                table: "ImportJobs");

            migrationBuilder.DropColumn(
                name: "Encoding",
                table: "ImportJobs");

            migrationBuilder.DropColumn(
                name: "Format",
                table: "ImportJobs");

            migrationBuilder.DropColumn(
                name: "IsEncodingGuessed",
                table: "ImportJobs");

            migrationBuilder.DropColumn(
                name: "IsMappedByHand",
                table: "ImportJobs");

            migrationBuilder.DropColumn(
                name: "Language",
                table: "ImportJobs");

            migrationBuilder.DropColumn(
                name: "Subject",
                table: "ImportJobs");

            migrationBuilder.RenameColumn(
                name: "RecordId",
                table: "ImportLines",
                newName: "ProgrammeId");
        }
    }
}
