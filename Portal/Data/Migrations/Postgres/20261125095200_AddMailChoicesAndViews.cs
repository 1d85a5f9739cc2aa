using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AddMailChoicesAndViews : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_OutboxMails_SentAt",
                table: "OutboxMails");

            migrationBuilder.AddColumn<string>(
                name: "About",
                table: "OutboxMails",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Attempts",
                table: "OutboxMails",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<Guid>(
                name: "ClaimedBy",
                table: "OutboxMails",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "ClaimedUntil",
                table: "OutboxMails",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Kind",
                table: "OutboxMails",
                type: "text",
                nullable: false,
                defaultValue: "Message");

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "OutboxMails",
                type: "text",
                nullable: false,
                defaultValue: "En");

            migrationBuilder.AddColumn<string>(
                name: "LastError",
                table: "OutboxMails",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "MembershipId",
                table: "OutboxMails",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "NextAt",
                table: "OutboxMails",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified));

            migrationBuilder.AddColumn<DateTime>(
                name: "Since",
                table: "OutboxMails",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "State",
                table: "OutboxMails",
                type: "text",
                nullable: false,
                defaultValue: "Dropped");

            migrationBuilder.AddColumn<DateTime>(
                name: "Until",
                table: "OutboxMails",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "AspNetUsers",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "NoticeChoices",
                columns: table => new
                {
                    MembershipId = table.Column<Guid>(type: "uuid", nullable: false),
                    Rhythm = table.Column<string>(type: "text", nullable: false),
                    Ways = table.Column<string>(type: "text", nullable: false),
                    WantsMail = table.Column<bool>(type: "boolean", nullable: false),
                    MailedUntil = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    DigestedUntil = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    NextDigestAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticeChoices", x => x.MembershipId);
                    table.ForeignKey(
                        name: "FK_NoticeChoices_Memberships_MembershipId",
                        column: x => x.MembershipId,
                        principalTable: "Memberships",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SavedViews",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    MembershipId = table.Column<Guid>(type: "uuid", nullable: false),
                    List = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Query = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    IsDefault = table.Column<bool>(type: "boolean", nullable: false),
                    TellsNew = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SavedViews", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SavedViews_Memberships_MembershipId",
                        column: x => x.MembershipId,
                        principalTable: "Memberships",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ViewHits",
                columns: table => new
                {
                    ViewId = table.Column<Guid>(type: "uuid", nullable: false),
                    RecordId = table.Column<Guid>(type: "uuid", nullable: false),
                    MembershipId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Reference = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    IsNew = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ViewHits", x => new { x.ViewId, x.RecordId });
                    table.ForeignKey(
                        name: "FK_ViewHits_SavedViews_ViewId",
                        column: x => x.ViewId,
                        principalTable: "SavedViews",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_OutboxMails_CreatedAt",
                table: "OutboxMails",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_OutboxMails_State_NextAt",
                table: "OutboxMails",
                columns: new[] { "State", "NextAt" });

            migrationBuilder.CreateIndex(
                name: "IX_NoticeChoices_WantsMail",
                table: "NoticeChoices",
                column: "WantsMail");

            migrationBuilder.CreateIndex(
                name: "IX_SavedViews_MembershipId_List_Name",
                table: "SavedViews",
                columns: new[] { "MembershipId", "List", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SavedViews_TellsNew",
                table: "SavedViews",
                column: "TellsNew");

            migrationBuilder.CreateIndex(
                name: "IX_ViewHits_MembershipId_IsNew_At",
                table: "ViewHits",
                columns: new[] { "MembershipId", "IsNew", "At" });

            // Nothing was sent so far, and what waited is of use to nobody any more.
            migrationBuilder.Sql("UPDATE \"OutboxMails\" SET \"Body\" = ''");
            foreach (var statement in Portal.Data.SecondWall.Create)
                migrationBuilder.Sql(statement);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "NoticeChoices");

            migrationBuilder.DropTable(
                name: "ViewHits");

            migrationBuilder.DropTable(
                name: "SavedViews");

            migrationBuilder.DropIndex(
                name: "IX_OutboxMails_CreatedAt",
                table: "OutboxMails");

            migrationBuilder.DropIndex(
                name: "IX_OutboxMails_State_NextAt",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "About",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "Attempts",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "ClaimedBy",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "ClaimedUntil",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "Kind",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "Language",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "LastError",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "MembershipId",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "NextAt",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "Since",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "State",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "Until",
                table: "OutboxMails");

            migrationBuilder.DropColumn(
                name: "Language",
                table: "AspNetUsers");

            migrationBuilder.CreateIndex(
                name: "IX_OutboxMails_SentAt",
                table: "OutboxMails",
                column: "SentAt");
        }
    }
}
