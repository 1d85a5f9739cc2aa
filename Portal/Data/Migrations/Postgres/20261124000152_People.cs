using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class People : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "ContributorLimit",
                table: "Organisations",
                type: "integer",
                nullable: false,
                defaultValue: 10);

            migrationBuilder.AddColumn<DateTime>(
                name: "HeldUntil",
                table: "Memberships",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "SuspendedAt",
                table: "Memberships",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "From",
                table: "Invitations",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Name",
                table: "Invitations",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "Until",
                table: "Invitations",
                type: "timestamp with time zone",
                nullable: true);

            foreach (var statement in AccessVersion.CreatePostgres)
                migrationBuilder.Sql(statement);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in new[] { "Grants", "Organisations", "Memberships" })
                migrationBuilder.Sql($"""DROP TRIGGER "MovesAccess" ON "{table}" """);
            migrationBuilder.Sql("DROP FUNCTION portal_access_moved()");
            migrationBuilder.DropColumn(
                name: "ContributorLimit",
                table: "Organisations");

            migrationBuilder.DropColumn(
                name: "HeldUntil",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "SuspendedAt",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "From",
                table: "Invitations");

            migrationBuilder.DropColumn(
                name: "Name",
                table: "Invitations");

            migrationBuilder.DropColumn(
                name: "Until",
                table: "Invitations");
        }
    }
}
