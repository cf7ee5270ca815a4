using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Configuration;

/// <summary>The endpoints of a kind of named entries, each of which can be described further.</summary>
internal sealed record ConfigEntryEndpoints(
    RouteHandlerBuilder List,
    RouteHandlerBuilder Get,
    RouteHandlerBuilder Put,
    RouteHandlerBuilder Delete
)
{
    public static ConfigEntryEndpoints Map<TEntry, TInfo>(
        IEndpointRouteBuilder endpoints,
        ConfigEntries<TEntry, TInfo> entries
    )
        where TEntry : class
    {
        var (kind, path) = (entries.Kind, $"/{entries.Parameter}");
        var title = char.ToUpperInvariant(kind[0]) + kind[1..];
        var group = endpoints.MapGroup($"/api/v1/llm/{kind}s").WithTags($"{title}s");
        var list = group
            .MapGet("/", List)
            .Produces<Page<TInfo>>()
            .RequireScope(Scopes.Read("llm"))
            .WithName($"List{title}s")
            .WithSummary($"List all {kind}s, by name, on one page")
            .WithExamples(response: $$"""{ "items": [{{entries.InfoExample}}], "next": null }""");
        var get = group
            .MapGet(path, Get)
            .Produces<TInfo>()
            .RequireScope(Scopes.Read("llm"))
            .WithName($"Get{title}")
            .WithSummary($"Get a {kind}")
            .WithExamples(response: entries.InfoExample);
        var put = entries
            .MapPut(group, path)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName($"Put{title}")
            .WithSummary($"Create or replace a {kind}; takes effect at every replica within two seconds")
            .WithExamples(entries.ConfigExample, entries.InfoExample);
        var delete = group
            .MapDelete(path, DeleteAsync)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName($"Delete{title}")
            .WithSummary($"Delete a {kind} of the API");
        return new(list, get, put, delete);

        // The generator of endpoints does not know type parameters in the types of results.
        IResult List(CurrentConfig config) =>
            TypedResults.Ok(
                new Page<TInfo>(
                    [
                        .. entries
                            .GetAll(config.Value)
                            .OrderBy(entries.GetName, StringComparer.Ordinal)
                            .Select(entries.Show),
                    ],
                    null
                )
            );

        IResult Get(string name, CurrentConfig config)
        {
            name = ConfigChangeResponses.DecodeName(name);
            return entries.GetAll(config.Value).FirstOrDefault(e => entries.GetName(e) == name) is { } entry
                ? TypedResults.Ok(entries.Show(entry))
                : Problems.Create(StatusCodes.Status404NotFound, $"There is no {kind} {name}.");
        }

        async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
            string name,
            HttpContext context,
            ConfigEditor editor,
            CancellationToken cancellationToken
        ) =>
            ConfigChangeResponses.Delete(
                await entries.Delete(editor)(
                    ConfigChangeResponses.DecodeName(name),
                    AuditedRequest.From(context),
                    cancellationToken
                )
            );
    }
}
