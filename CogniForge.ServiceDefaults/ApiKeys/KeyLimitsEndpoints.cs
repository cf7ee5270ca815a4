using System.Text.Json;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Reads and replaces the limits of API keys.</summary>
internal static class KeyLimitsEndpoints
{
    public static void Map(RouteGroupBuilder keys, IKeyLimits limits)
    {
        keys.MapGet("/{id:guid}/limits", GetLimits)
            .WithName("GetKeyLimits")
            .WithSummary("Get a key's limits")
            .Produces(StatusCodes.Status200OK, limits.Type)
            .WithExamples(response: limits.Example);
        keys.MapPut("/{id:guid}/limits", SetLimits)
            .WithName("SetKeyLimits")
            .WithSummary("Replace a key's limits; takes effect on every replica within two seconds")
            .Produces(StatusCodes.Status200OK, limits.Type)
            .AddOpenApiOperationTransformer(DescribeBodyAsync)
            .WithExamples(limits.Example, limits.Example);
    }

    public static async Task<IResult> GetLimits(Guid id, IApiKeyStore store, CancellationToken cancellationToken) =>
        await store.GetAsync(id, cancellationToken) is { } key
            ? TypedResults.Ok(key.Limits ?? JsonSerializer.SerializeToElement(new { }))
            : ApiKeysEndpoints.NotFound(id);

    public static async Task<IResult> SetLimits(
        Guid id,
        JsonElement body,
        HttpContext context,
        IApiKeyStore store,
        IKeyLimits limits,
        CancellationToken cancellationToken
    )
    {
        var (errors, kept) = await limits.ValidateAsync(body, "", cancellationToken);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        if (await store.GetAsync(id, cancellationToken) is not { } present)
        {
            return ApiKeysEndpoints.NotFound(id);
        }

        var caller = Caller.From(context.User);
        if ((KeyGrants.RequireScopes(caller, present.Scopes) ?? KeyGrants.RequireUnlimited(caller)) is { } refusal)
        {
            return refusal;
        }

        var audited = AuditedRequest.From(context);
        if (await store.ChangeAsync(id, k => k with { Limits = kept }, audited, cancellationToken) is not { } key)
        {
            return ApiKeysEndpoints.NotFound(id);
        }

        limits.Changed(id);
        return TypedResults.Ok(key.Limits);
    }

    /// <summary>Describes the body, which is bound as raw JSON.</summary>
    private static async Task DescribeBodyAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(
            context.ApplicationServices.GetRequiredService<IKeyLimits>().Type,
            cancellationToken: cancellationToken
        );
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
        };
    }
}
