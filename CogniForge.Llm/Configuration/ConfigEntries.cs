using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Llm.Configuration;

/// <summary>A kind of named entries, as <see cref="ConfigEntryEndpoints"/> serves them.</summary>
/// <typeparam name="TEntry">An entry in force.</typeparam>
/// <typeparam name="TInfo">An entry as the API shows it.</typeparam>
internal sealed record ConfigEntries<TEntry, TInfo>
    where TEntry : class
{
    /// <summary>One of <see cref="ConfigKinds"/>; its plural is in the paths.</summary>
    public required string Kind { get; init; }

    /// <summary>The parameter of the paths; a catch-all where names may contain slashes.</summary>
    public string Parameter { get; init; } = "{name}";

    public required Func<GatewayConfig, IEnumerable<TEntry>> GetAll { get; init; }

    public required Func<TEntry, string> GetName { get; init; }

    public required Func<TEntry, TInfo> Show { get; init; }

    /// <summary>Maps PUT in the group at the path, because the body's type differs.</summary>
    public required Func<RouteGroupBuilder, string, RouteHandlerBuilder> MapPut { get; init; }

    public required Func<ConfigEditor, Deletion> Delete { get; init; }

    /// <summary>An example of the body of PUT, JSON.</summary>
    public required string ConfigExample { get; init; }

    /// <summary>An example of an entry as the API shows it, JSON.</summary>
    public required string InfoExample { get; init; }

    public delegate Task<ConfigChangeResult> Deletion(
        string name,
        AuditedRequest request,
        CancellationToken cancellationToken
    );
}
