using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Portal.Data.Migrations.Postgres
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
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "AvailableUntil",
                table: "Offers",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AllowsTacitConsent",
                table: "Needs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "AssistanceSettings",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Weights = table.Column<string>(type: "text", nullable: false),
                    TacitDays = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false),
                    SetAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AssistanceSettings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ConsentRequest",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    NeedId = table.Column<Guid>(type: "uuid", nullable: false),
                    AudienceKey = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Parts = table.Column<int>(type: "integer", nullable: false),
                    SilentAfter = table.Column<DateOnly>(type: "date", nullable: true),
                    AskedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    AskedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Status = table.Column<string>(type: "text", nullable: false),
                    DecidedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
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
                    NeedId = table.Column<Guid>(type: "uuid", nullable: false),
                    OfferId = table.Column<Guid>(type: "uuid", nullable: false),
                    Audience = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    State = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    OrganisationNumber = table.Column<int>(type: "integer", nullable: false),
                    Parts = table.Column<int>(type: "integer", nullable: false),
                    Rank = table.Column<int>(type: "integer", nullable: false),
                    Score = table.Column<int>(type: "integer", nullable: false),
                    Fits = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Matches", x => new { x.NeedId, x.Audience, x.OfferId });
                });

            migrationBuilder.CreateTable(
                name: "MatchTasks",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    RecordId = table.Column<Guid>(type: "uuid", nullable: true),
                    Kind = table.Column<string>(type: "text", nullable: true),
                    After = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MatchTasks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NotForUs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    NeedId = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganisationId = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganisationNumber = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    Note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
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

            // The new tables stand behind the second wall from the start.
            foreach (var statement in Portal.Data.SecondWall.Create)
                migrationBuilder.Sql(statement);
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
