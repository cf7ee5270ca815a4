using CogniForge.Llm.Protocols;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Audit;
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
        var healthRegistry = endpoints.ServiceProvider.GetRequiredService<TargetHealthRegistry>();
        var keys = endpoints.ServiceProvider.GetRequiredService<ProviderApiKeys>();
        var providers = ConfigEntryEndpoints.Map(
            endpoints,
            new ConfigEntries<Provider, ProviderInfo>
            {
                Kind = ConfigKinds.Provider,
                GetAll = config => config.Routes.Providers,
                GetName = provider => provider.Name,
                Show = provider => From(provider, healthRegistry, keys),
                MapPut = (group, path) => group.MapPut(path, Put),
                Delete = editor => editor.DeleteProviderAsync,
                ConfigExample = """{ "kind": "openAICompatible", "baseUrl": "http://localhost:11434/v1" }""",
                InfoExample = View,
            }
        );
        providers.List.WithSummary("List all providers with the state of their targets, by name, on one page");
        providers.Get.WithSummary("Get a provider with the state of its targets");
        providers.Put.WithDescription(
            "The API key comes only from configuration: `Providers:{name}:ApiKey`. A provider with a "
                + "configured API key must stay at its configured address, so that no other server gets the key. "
                + "`kind` names a known provider, e.g. `groq`; its address and rules apply where the request has "
                + "none. A provider with a known name needs no `kind`."
        );
        providers.Delete.WithSummary("Delete a provider of the API that no route uses");
    }

    private static async Task<Results<Ok<ProviderInfo>, Created<ProviderInfo>, ProblemHttpResult>> Put(
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
