using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Defaults of database connections. Values in the connection string take precedence.</summary>
internal static class PostgresDefaults
{
    public static void Apply(NpgsqlDataSourceBuilder source, TimeoutOptions timeouts)
    {
        var connection = source.ConnectionStringBuilder;
        if (!connection.ShouldSerialize("Timeout"))
        {
            connection.Timeout = (int)timeouts.PostgresConnect.TotalSeconds;
        }

        QuerySpans.Configure(source);
    }
}
