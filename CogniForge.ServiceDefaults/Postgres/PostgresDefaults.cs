using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>How the service connects to its database. The connection string goes before it.</summary>
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
