using System.ComponentModel;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Serving.Shadows;

internal static class ShadowsEndpoints
{
    private const int DefaultHours = 24;
    private const int MaxHours = 24 * 365;
    private const string Example = """
        {
          "model": "churn", "version": 2, "sampleRate": 0.1, "createdAt": "2026-11-21T09:13:52+00:00",
          "updatedAt": "2026-11-21T09:13:52+00:00"
        }
        """;

    public static void MapShadows(this IEndpointRouteBuilder endpoints)
    {
        var shadows = endpoints
            .MapGroup($"{RegistryEndpoints.Path}/{{name}}/shadows")
            .WithTags("Shadows")
            .AddEndpointFilter<RouteGroupBuilder, RegistryErrorFilter>();
        shadows
            .MapGet("/", List)
            .TakesOnly("limit", "cursor")
            .RequireScope(Scopes.Read("serving"))
            .WithName("ListShadows")
            .WithSummary("List the shadows of a model, by version")
            .WithExamples(response: $$"""{ "items": [{{Example}}], "next": null }""");
        shadows
            .MapGet("/{version:int}", Get)
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetShadow")
            .WithSummary("Get a shadow; its ETag changes with its sample rate")
            .WithExamples(response: Example);
        shadows
            .MapPut("/{version:int}", Set)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition(canCreate: true)
            .WithName("SetShadow")
            .WithSummary("Send a version copies of the model's requests, or change their share")
            .WithExamples("""{ "sampleRate": 0.1 }""", Example);
        shadows
            .MapDelete("/{version:int}", Delete)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("DeleteShadow")
            .WithSummary("Send a version no copies any more, and delete its comparisons");
        shadows
            .MapGet("/{version:int}/report", Report)
            .TakesOnly("hours")
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetShadowReport")
            .WithSummary("Compare a shadow with the versions that answered the clients")
            .WithExamples(
                response: """
                {
                  "model": "churn", "version": 2, "since": "2026-11-20T09:13:52+00:00", "requests": 1000, "failed": 0,
                  "dropped": 0, "primaryLatencyMs": {
                    "count": 1000, "mean": 1.4, "min": 0.6, "p50": 1.2, "p90": 2.1, "p95": 2.5, "p99": 4.1, "max": 9.7
                  }, "shadowLatencyMs": {
                    "count": 1000, "mean": 2.1, "min": 0.9, "p50": 1.9, "p90": 2.8, "p95": 3.2, "p99": 5.0, "max": 8.3
                  }, "outputs": [
                    { "name": "label", "elements": 1000, "agreement": 0.97, "meanDifference": 0, "maxDifference": 0 }
                  ]
                }
                """
            );
    }

    public static async Task<Results<Ok<Page<ShadowResponse>>, ProblemHttpResult>> List(
        string name,
        [AsParameters] PageQuery query,
        IShadowStore shadows,
        CancellationToken cancellationToken
    )
    {
        if (query.Parse(out var cursor, out var limit) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var all = ModelName.IsValid(name) ? await shadows.ListAsync(name, cancellationToken) : [];
        var page = Page.Create(
            [.. all.SkipWhile(s => cursor != default && s.Id != cursor.AfterId).Skip(cursor == default ? 0 : 1)],
            limit,
            s => Cursor.After(s.Id)
        );
        return TypedResults.Ok(new Page<ShadowResponse>([.. page.Items.Select(ShadowResponse.From)], page.Next));
    }

    public static async Task<Ok<ShadowResponse>> Get(
        string name,
        [Description("The version number.")] int version,
        HttpContext context,
        ShadowRegistry registry,
        CancellationToken cancellationToken
    ) => Respond(context, await registry.GetAsync(name, version, cancellationToken));

    public static async Task<Results<Ok<ShadowResponse>, ProblemHttpResult>> Set(
        string name,
        [Description("The version number.")] int version,
        SetShadowRequest request,
        HttpContext context,
        ShadowRegistry registry,
        CancellationToken cancellationToken
    )
    {
        if (!(request.SampleRate is > 0 and <= 1))
        {
            return Problems.Invalid([new("sampleRate", "must be above 0 and at most 1")]);
        }

        return Respond(
            context,
            ModelName.IsValid(name)
                ? await registry.SetAsync(
                    name,
                    version,
                    request.SampleRate,
                    Precondition.From(context.Request),
                    AuditedRequest.From(context),
                    cancellationToken
                )
                : throw RegistryException.UnknownVersion(name, version)
        );
    }

    public static async Task<NoContent> Delete(
        string name,
        [Description("The version number.")] int version,
        HttpContext context,
        ShadowRegistry registry,
        CancellationToken cancellationToken
    )
    {
        var shadow = await registry.GetAsync(name, version, cancellationToken);
        await registry.DeleteAsync(
            shadow.Model,
            version,
            Precondition.From(context.Request),
            AuditedRequest.From(context),
            cancellationToken
        );
        return TypedResults.NoContent();
    }

    public static async Task<Results<Ok<ShadowReport>, ProblemHttpResult>> Report(
        string name,
        [Description("The version number.")] int version,
        [FromQuery, Description("How many hours back the report begins, 1 to 8,760. Default: 24.")] int? hours,
        ShadowRegistry registry,
        IShadowStore shadows,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (hours is < 1 or > MaxHours)
        {
            return Problems.Invalid([new("hours", $"must be 1 to {MaxHours}")]);
        }

        var shadow = await registry.GetAsync(name, version, cancellationToken);
        var since = StoredTime.Truncate(time.GetUtcNow() - TimeSpan.FromHours(hours ?? DefaultHours));
        return TypedResults.Ok(await shadows.ReportAsync(shadow, since, cancellationToken));
    }

    private static Ok<ShadowResponse> Respond(HttpContext context, Shadow shadow)
    {
        Precondition.Send(context.Response, shadow.Revision);
        return TypedResults.Ok(ShadowResponse.From(shadow));
    }
}
