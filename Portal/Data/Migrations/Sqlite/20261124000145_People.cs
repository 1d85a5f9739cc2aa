using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Sqlite
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
                type: "INTEGER",
                nullable: false,
                defaultValue: 10);

            migrationBuilder.AddColumn<DateTime>(
                name: "HeldUntil",
                table: "Memberships",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "SuspendedAt",
                table: "Memberships",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "From",
                table: "Invitations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Name",
                table: "Invitations",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "Until",
                table: "Invitations",
                type: "TEXT",
                nullable: true);

            foreach (var statement in AccessVersion.CreateSqlite)
                migrationBuilder.Sql(statement);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var name in from t in new[] { "Grants", "Organisations", "Memberships" } from c in new[] { "INSERT", "UPDATE", "DELETE" } select t + c)
                migrationBuilder.Sql($"""DROP TRIGGER "{name}MovesAccess" """);

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
