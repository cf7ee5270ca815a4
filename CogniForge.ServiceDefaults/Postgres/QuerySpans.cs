using System.Diagnostics;
using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Which queries are traced, and how they show.</summary>
internal static class QuerySpans
{
    // The services' databases share an address, by which a dashboard cannot tell them apart.
    private const string Peer = "peer.service";

    /// <summary>Traces what belongs to a request or a message: the rounds that a service makes by itself and its health checks, some every second, would bury the rest.</summary>
    public static void Configure(NpgsqlDataSourceBuilder source)
    {
        var database = source.ConnectionStringBuilder.Database;
        source.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => Activity.Current is { Recorded: true })
            .ConfigureCopyOperationFilter(_ => Activity.Current is { Recorded: true })
            .ConfigureCommandEnrichmentCallback((span, _) => span.SetTag(Peer, database))
            .ConfigureCopyOperationEnrichmentCallback((span, _) => span.SetTag(Peer, database))
            .EnablePhysicalOpenTracing(false));
    }
}
