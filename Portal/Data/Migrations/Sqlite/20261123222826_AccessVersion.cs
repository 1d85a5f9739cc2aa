using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AccessVersion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            foreach (var statement in Portal.Data.AccessVersion.CreateSqlite)
                migrationBuilder.Sql(statement);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var name in from t in new[] { "Grants", "Organisations", "Memberships" } from c in new[] { "INSERT", "UPDATE", "DELETE" } select t + c)
                migrationBuilder.Sql($"""DROP TRIGGER "{name}MovesAccess" """);
        }
    }
}
