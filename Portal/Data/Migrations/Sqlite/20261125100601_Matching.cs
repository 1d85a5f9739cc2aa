using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Matching : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateOnly>(
                name: "AvailableFrom",
                table: "Offers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "AvailableUntil",
                table: "Offers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AllowsTacitConsent",
                table: "Needs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "AssistanceSettings",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Weights = table.Column<string>(type: "TEXT", nullable: false),
                    TacitDays = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SetAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AssistanceSettings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ConsentRequest",
                columns: table => new
                {
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    NeedId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    AudienceKey = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Parts = table.Column<int>(type: "INTEGER", nullable: false),
                    SilentAfter = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    AskedBy = table.Column<byte[]>(type: "BLOB", nullable: false),
                    AskedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: false),
                    DecidedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ConsentRequest", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ConsentRequest_Needs_NeedId",
                        column: x => x.NeedId,
                        principalTable: "Needs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Matches",
                columns: table => new
                {
                    NeedId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    OfferId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Audience = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    OrganisationNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    Parts = table.Column<int>(type: "INTEGER", nullable: false),
                    Rank = table.Column<int>(type: "INTEGER", nullable: false),
                    Score = table.Column<int>(type: "INTEGER", nullable: false),
                    Fits = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Matches", x => new { x.NeedId, x.Audience, x.OfferId });
                });

            migrationBuilder.CreateTable(
                name: "MatchTasks",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    RecordId = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Kind = table.Column<string>(type: "TEXT", nullable: true),
                    After = table.Column<string>(type: "TEXT", maxLength: 30, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MatchTasks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NotForUs",
                columns: table => new
                {
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    NeedId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    OrganisationId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    OrganisationNumber = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotForUs", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ConsentRequest_NeedId",
                table: "ConsentRequest",
                column: "NeedId");

            migrationBuilder.CreateIndex(
                name: "IX_ConsentRequest_Status_SilentAfter",
                table: "ConsentRequest",
                columns: new[] { "Status", "SilentAfter" });

            migrationBuilder.CreateIndex(
                name: "IX_Matches_Audience_Rank_Score_NeedId",
                table: "Matches",
                columns: new[] { "Audience", "Rank", "Score", "NeedId" },
                descending: new[] { false, false, true, false });

            migrationBuilder.CreateIndex(
                name: "IX_Matches_OfferId",
                table: "Matches",
                column: "OfferId");

            migrationBuilder.CreateIndex(
                name: "IX_NotForUs_NeedId_OrganisationNumber",
                table: "NotForUs",
                columns: new[] { "NeedId", "OrganisationNumber" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AssistanceSettings");

            migrationBuilder.DropTable(
                name: "ConsentRequest");

            migrationBuilder.DropTable(
                name: "Matches");

            migrationBuilder.DropTable(
                name: "MatchTasks");

            migrationBuilder.DropTable(
                name: "NotForUs");

            migrationBuilder.DropColumn(
                name: "AvailableFrom",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "AvailableUntil",
                table: "Offers");

            migrationBuilder.DropColumn(
                name: "AllowsTacitConsent",
                table: "Needs");
        }
    }
}
