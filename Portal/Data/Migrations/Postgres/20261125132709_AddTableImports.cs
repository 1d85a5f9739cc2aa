using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Postgres
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
                type: "text",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<string>(
                name: "Encoding",
                table: "ImportJobs",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Format",
                table: "ImportJobs",
                type: "text",
                nullable: false,
                defaultValue: "Iati");

            migrationBuilder.AddColumn<bool>(
                name: "IsEncodingGuessed",
                table: "ImportJobs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsMappedByHand",
                table: "ImportJobs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "ImportJobs",
                type: "text",
                nullable: false,
                defaultValue: "En");

            migrationBuilder.AddColumn<string>(
                name: "Subject",
                table: "ImportJobs",
                type: "text",
                nullable: false,
                defaultValue: "Programmes");

            migrationBuilder.CreateTable(
                name: "OwnReferences",
                columns: table => new
                {
                    OrganisationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Subject = table.Column<string>(type: "text", nullable: false),
                    Text = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    RecordId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OwnReferences", x => new { x.OrganisationId, x.Subject, x.Text });
                });

            migrationBuilder.CreateIndex(
                name: "IX_OwnReferences_RecordId",
                table: "OwnReferences",
                column: "RecordId");

            foreach (var statement in Portal.Data.SecondWall.Create)
                migrationBuilder.Sql(statement);
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
