using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>How queries show in traces.</summary>
internal static class QuerySpans
{
    // The services' databases share an address, by which a dashboard cannot tell them apart.
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
