using System.Diagnostics;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.Audit;

/// <summary>A request that changes something: who sent it, from where, when, and which operation it calls.</summary>
/// <param name="Actor">Who sent it, and from where.</param>
/// <param name="Action">The operation, by its name in the OpenAPI document.</param>
/// <param name="At">When it changes something, UTC.</param>
/// <param name="TraceId">Its trace id; null: it is not traced.</param>
public sealed record AuditedRequest(AuditActor Actor, string Action, DateTimeOffset At, string? TraceId)
{
    /// <summary>Describes a request whose endpoint has a name.</summary>
    /// <param name="context">The request.</param>
    public static AuditedRequest From(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var caller = Caller.From(context.User);
        return new(
            new(caller.Id, caller.Name, ClientAddress.Get(context)?.ToString()),
            context.GetEndpoint()!.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName,
            context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            Activity.Current?.TraceId.ToString()
        );
    }

    /// <summary>The entry of a change by this request.</summary>
    /// <param name="resource">What it changes, e.g. <c>keys/{id}</c>.</param>
    /// <param name="before">The state before, without secrets, to be written as JSON; null: none.</param>
    /// <param name="after">The state after, without secrets, to be written as JSON; null: none.</param>
    public AuditEntry ToEntry(string resource, object? before = null, object? after = null) =>
        new(
            OrderedId.Create(At),
            At,
            Actor,
            Action,
            resource,
            AuditJson.Write(before),
            AuditJson.Write(after),
            1,
            TraceId
        );
}
