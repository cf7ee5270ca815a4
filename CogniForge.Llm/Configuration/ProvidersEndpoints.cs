using CogniForge.Llm.Protocols;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Polly.CircuitBreaker;

namespace CogniForge.Llm.Configuration;

internal static class ProvidersEndpoints
{
    private const string View = """
        {
          "name": "ollama", "origin": "api", "kind": "openAICompatible", "baseUrl": "http://localhost:11434/v1/",
          "hasKey": false, "protocols": ["chat_completions", "embeddings"],
          "targets": [{ "model": "llama3.2", "circuit": "closed", "calls": 12, "failures": 0, "coolingUntil": null }]
        }
        """;

    public static void MapProviders(this IEndpointRouteBuilder endpoints)
    {
        var providers = endpoints.MapGroup("/api/v1/llm/providers").WithTags("Providers");
        providers
            .MapGet("/", List)
            .RequireScope(Scopes.Read("llm"))
            .WithName("ListProviders")
            .WithSummary("List all providers with the state of their targets, by name, on one page")
            .WithExamples(response: $$"""{ "items": [{{View}}], "next": null }""");
        providers
            .MapGet("/{name}", Get)
            .RequireScope(Scopes.Read("llm"))
            .WithName("GetProvider")
            .WithSummary("Get a provider with the state of its targets")
            .WithExamples(response: View);
        providers
            .MapPut("/{name}", Put)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("PutProvider")
            .WithSummary("Create or replace a provider; takes effect at every replica within two seconds")
            .WithDescription(
                "The API key comes only from configuration: `Providers:{name}:ApiKey`. A provider with a "
                    + "configured API key must stay at its configured address, so that no other server gets the key. "
                    + "`kind` names a known provider, e.g. `groq`; its address and rules apply where the request has "
                    + "none. A provider with a known name needs no `kind`."
            )
            .WithExamples("""{ "kind": "openAICompatible", "baseUrl": "http://localhost:11434/v1" }""", View);
        providers
            .MapDelete("/{name}", Delete)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("DeleteProvider")
            .WithSummary("Delete a provider of the API that no route uses");
    }

    public static Ok<Page<ProviderInfo>> List(
        CurrentConfig config,
        TargetHealthRegistry healthRegistry,
        ProviderApiKeys keys
    ) =>
        TypedResults.Ok(
            new Page<ProviderInfo>(
                [
                    .. config
                        .Value.Routes.Providers.OrderBy(p => p.Name, StringComparer.Ordinal)
                        .Select(p => From(p, healthRegistry, keys)),
                ],
                null
            )
        );

    public static Results<Ok<ProviderInfo>, ProblemHttpResult> Get(
        string name,
        CurrentConfig config,
        TargetHealthRegistry healthRegistry,
        ProviderApiKeys keys
    ) =>
        config.Value.Routes.Providers.FirstOrDefault(p => p.Name == name) is { } provider
            ? TypedResults.Ok(From(provider, healthRegistry, keys))
            : Problems.Create(StatusCodes.Status404NotFound, $"There is no provider {name}.");

    public static async Task<Results<Ok<ProviderInfo>, Created<ProviderInfo>, ProblemHttpResult>> Put(
        string name,
        ProviderConfig provider,
        HttpContext context,
        ConfigEditor editor,
        TargetHealthRegistry healthRegistry,
        ProviderApiKeys keys,
        CancellationToken cancellationToken
    ) =>
        ConfigChangeResponses.Put(
            await editor.PutProviderAsync(name, provider, AuditedRequest.From(context), cancellationToken),
            () => From(provider.ToProvider(name, ConfigOrigin.Api), healthRegistry, keys)
        );

    public static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string name,
        HttpContext context,
        ConfigEditor editor,
        CancellationToken cancellationToken
    ) =>
        ConfigChangeResponses.Delete(
            await editor.DeleteProviderAsync(name, AuditedRequest.From(context), cancellationToken)
        );

    private static ProviderInfo From(Provider provider, TargetHealthRegistry healthRegistry, ProviderApiKeys keys)
    {
        var prefix = $"{provider.Name}/";
        return new(
            provider.Name,
            provider.Origin,
            provider.Profile.Name,
            provider.Address,
            keys.Get(provider) is not null,
            [.. provider.Protocols.Select(p => p.Name())],
            [
                .. healthRegistry
                    .All.Where(s => s.Id.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(s => new TargetHealthInfo(
                        s.Id[prefix.Length..],
                        From(s.Circuit),
                        s.Calls,
                        s.Failures,
                        s.CooldownUntil
                    )),
            ],
            TimeoutsConfig.From(provider.Timeouts)
        );
    }

    private static Circuit From(CircuitState state) =>
        state switch
        {
            CircuitState.Closed => Circuit.Closed,
            CircuitState.HalfOpen => Circuit.HalfOpen,
            _ => Circuit.Open,
        };
}
