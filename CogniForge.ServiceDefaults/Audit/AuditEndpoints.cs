using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.Audit;

/// <summary>The audit of a service: the same route at every service.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder endpoints, string service) =>
        endpoints
            .MapGet($"/api/v1/{service}/audit", List)
            .TakesOnly("limit", "cursor", "actor", "action", "resource", "address", "from", "to")
            .RequireScope(Scopes.Admin(service))
            .WithTags("Audit")
            .WithName("ListAudit")
            .WithSummary("List who changed what, and refused log-ins, newest first")
            .WithDescription("A page may have fewer entries than `limit`; the last one has no `next`.")
            .WithExamples(
                response: """
                {
                  "items": [
                    {
                      "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "occurredAt": "2026-11-21T09:13:52+00:00",
                      "actor": { "id": "root", "name": "root", "address": "192.0.2.7" },
                      "action": "DisableKey", "resource": "keys/01a1fd54-8a31-7d04-9c1b-6a1f0a7c2b5e",
                      "before": { "name": "build server", "disabledAt": null },
                      "after": { "name": "build server", "disabledAt": "2026-11-21T09:13:52+00:00" },
                      "count": 1, "traceId": "4bf92f3577b34da6a3ce929d0e0e4736"
                    },
                    {
                      "id": "01a1fd53-11c0-7a52-8f3e-5d2c9b8e7a10", "occurredAt": "2026-11-21T09:10:00+00:00",
                      "actor": { "id": "anonymous", "name": "anonymous", "address": "2001:db8:1:2::/64" },
                      "action": "RefuseLogin", "resource": null, "before": null, "after": null, "count": 3000,
                      "traceId": null
                    }
                  ],
                  "next": null
                }
                """
            );

    public static async Task<Results<Ok<Page<AuditEntry>>, ProblemHttpResult>> List(
        [AsParameters] PageQuery page,
        [AsParameters] AuditQuery query,
        IAuditLog audit,
        CancellationToken cancellationToken
    ) =>
        page.Parse(out var cursor, out var limit).Concat(query.Parse(out var filter)).ToList() is { Count: > 0 } errors
            ? Problems.Invalid(errors)
            : TypedResults.Ok(await audit.ListAsync(filter, cursor, limit, cancellationToken));
}
