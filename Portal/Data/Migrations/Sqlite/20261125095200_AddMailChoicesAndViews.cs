using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Sqlite
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
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Attempts",
                table: "OutboxMails",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<byte[]>(
                name: "ClaimedBy",
                table: "OutboxMails",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "ClaimedUntil",
                table: "OutboxMails",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Kind",
                table: "OutboxMails",
                type: "TEXT",
                nullable: false,
                defaultValue: "Message");

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "OutboxMails",
                type: "TEXT",
                nullable: false,
                defaultValue: "En");

            migrationBuilder.AddColumn<string>(
                name: "LastError",
                table: "OutboxMails",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "MembershipId",
                table: "OutboxMails",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "NextAt",
                table: "OutboxMails",
                type: "TEXT",
                nullable: false,
                defaultValue: new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified));

            migrationBuilder.AddColumn<DateTime>(
                name: "Since",
                table: "OutboxMails",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "State",
                table: "OutboxMails",
                type: "TEXT",
                nullable: false,
                defaultValue: "Dropped");

            migrationBuilder.AddColumn<DateTime>(
                name: "Until",
                table: "OutboxMails",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "AspNetUsers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "NoticeChoices",
                columns: table => new
                {
                    MembershipId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Rhythm = table.Column<string>(type: "TEXT", nullable: false),
                    Ways = table.Column<string>(type: "TEXT", nullable: false),
                    WantsMail = table.Column<bool>(type: "INTEGER", nullable: false),
                    MailedUntil = table.Column<DateTime>(type: "TEXT", nullable: false),
                    DigestedUntil = table.Column<DateTime>(type: "TEXT", nullable: false),
                    NextDigestAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
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
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    MembershipId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    List = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Query = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    IsDefault = table.Column<bool>(type: "INTEGER", nullable: false),
                    TellsNew = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
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
                    ViewId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RecordId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    MembershipId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Reference = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    IsNew = table.Column<bool>(type: "INTEGER", nullable: false)
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
