using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Configures the spans of queries.</summary>
internal static class QuerySpans
{
    // The databases share an address, so a dashboard needs the name to distinguish them.
    private const string Peer = "peer.service";

    public static void Configure(NpgsqlDataSourceBuilder source)
    {
        var database = source.ConnectionStringBuilder.Database;
        source.ConfigureTracing(tracing =>
            tracing
                .ConfigureCommandEnrichmentCallback((span, _) => span.SetTag(Peer, database))
                .ConfigureCopyOperationEnrichmentCallback((span, _) => span.SetTag(Peer, database))
                .EnablePhysicalOpenTracing(false)
        );
    }
}
