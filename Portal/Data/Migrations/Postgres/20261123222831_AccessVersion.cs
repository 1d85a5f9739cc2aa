using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AccessVersion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            foreach (var statement in Portal.Data.AccessVersion.CreatePostgres)
                migrationBuilder.Sql(statement);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in new[] { "Grants", "Organisations", "Memberships" })
                migrationBuilder.Sql($"""DROP TRIGGER "MovesAccess" ON "{table}" """);
            migrationBuilder.Sql("DROP FUNCTION portal_access_moved()");
        }
    }
}
