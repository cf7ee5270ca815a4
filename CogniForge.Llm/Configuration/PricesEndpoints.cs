using System.ComponentModel;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Configuration;

internal static class PricesEndpoints
{
    private const string Rates = """
        "input": 2.0, "output": 10.0, "cacheRead": 0.2, "cacheWrite": 2.5,
        "longContext": { "aboveInputTokens": 272000, "inputFactor": 2, "outputFactor": 1.5 },
        "audio": { "input": 32, "output": 64 }, "toolFees": { "web_search": 0.01 },
        "serviceTiers": { "priority": 2, "flex": 0.5 }, "source": "contract 4711"
        """;

    public static void MapPrices(this IEndpointRouteBuilder endpoints)
    {
        var prices = endpoints.MapGroup("/api/v1/llm/prices").WithTags("Prices");
        var view = $$"""
            {
              "model": "gpt-6-sol", "provider": "openai", "effectiveFrom": "2026-12-01", "origin": "api",
              {{Rates}}, "cacheWriteLong": null, "reasoning": null, "image": null, "perRequest": 0, "perImage": 0,
              "perMinute": 0, "perCharacter": 0
            }
            """;
        prices
            .MapGet("/", List)
            .TakesOnly("model", "provider")
            .RequireScope(Scopes.Read("llm"))
            .WithName("ListPrices")
            .WithSummary("List all prices, including past and future ones, by model and day, on one page")
            .WithExamples(response: $$"""{ "items": [{{view}}], "next": null }""");
        prices
            .MapPut("/{effectiveFrom}/{**model}", Put)
            .TakesOnly("provider")
            .AddEndpointFilter(OnlyIsoDaysAsync)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("PutPrice")
            .WithSummary("Set the price of a model from a day on; takes effect at every replica within two seconds")
            .WithDescription(
                "Overrides a built-in price of the same model, provider and day. Completed requests keep their cost."
            )
            .WithExamples($$"""{ {{Rates}} }""", view);
        prices
            .MapDelete("/{effectiveFrom}/{**model}", Delete)
            .TakesOnly("provider")
            .AddEndpointFilter(OnlyIsoDaysAsync)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("DeletePrice")
            .WithSummary("Delete a price of the API; a built-in price that it overrode takes effect again");
    }

    public static Ok<Page<PriceInfo>> List(
        [Description("Only prices of this model. Default: all prices.")] string? model,
        [Description("Only prices of this provider. Default: all prices.")] string? provider,
        CurrentConfig config
    ) =>
        TypedResults.Ok(
            new Page<PriceInfo>(
                [
                    .. config
                        .Value.Prices.Prices.Where(p =>
                            (model is null || p.Model == model) && (provider is null || p.Provider == provider)
                        )
                        .OrderBy(p => p.Model, StringComparer.Ordinal)
                        .ThenBy(p => p.Provider, StringComparer.Ordinal)
                        .ThenBy(p => p.EffectiveFrom)
                        .Select(PriceInfo.From),
                ],
                null
            )
        );

    public static async Task<Results<Ok<PriceInfo>, Created<PriceInfo>, ProblemHttpResult>> Put(
        [Description("The day on which the price takes effect, UTC.")] DateOnly effectiveFrom,
        [Description("The provider's name of the model; a `*` at the end is a wildcard.")] string model,
        [Description("The provider. Default: the price applies to every provider.")] string? provider,
        PriceConfig price,
        HttpContext context,
        ConfigEditor editor,
        CancellationToken cancellationToken
    )
    {
        var key = Key(effectiveFrom, provider, model);
        return ConfigChangeResponses.Put(
            await editor.PutPriceAsync(key, price, AuditedRequest.From(context), cancellationToken),
            () => PriceInfo.From(price.ToPrice(key, ConfigOrigin.Api))
        );
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        DateOnly effectiveFrom,
        string model,
        [Description("The provider. Default: the price that applies to every provider.")] string? provider,
        HttpContext context,
        ConfigEditor editor,
        CancellationToken cancellationToken
    ) =>
        ConfigChangeResponses.Delete(
            await editor.DeletePriceAsync(
                Key(effectiveFrom, provider, model),
                AuditedRequest.From(context),
                cancellationToken
            )
        );

    /// <summary>ASP.NET Core accepts days in many formats, and reads 01-11-2026 as a day in January.</summary>
    private static ValueTask<object?> OnlyIsoDaysAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    ) =>
        PriceKey.TryParseDay(context.HttpContext.GetRouteValue("effectiveFrom") as string, out _)
            ? next(context)
            : ValueTask.FromResult<object?>(
                Problems.Invalid([new("effectiveFrom", "must be a date in ISO 8601, yyyy-MM-dd")])
            );

    private static PriceKey Key(DateOnly effectiveFrom, string? provider, string model) =>
        new(effectiveFrom, string.IsNullOrEmpty(provider) ? null : provider, ConfigChangeResponses.DecodeName(model));
}
