using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Idempotency;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Models;

/// <summary>The model registry API: aliases.</summary>
internal static class AliasesEndpoints
{
    private const string Alias = """{ "alias": "champion", "version": 2 }""";

    public static void MapAliases(this IEndpointRouteBuilder endpoints)
    {
        var aliases = endpoints
            .MapGroup($"{RegistryEndpoints.Path}/{{name}}/aliases")
            .WithTags("Aliases")
            .AddEndpointFilter<RouteGroupBuilder, RegistryErrorFilter>();
        aliases
            .MapGet("/", List)
            .RequireScope(Scopes.Read("serving"))
            .WithName("ListAliases")
            .WithSummary("List the aliases of a model, by name")
            .WithExamples(response: $"[{Alias}]");
        aliases
            .MapGet("/{alias}", Get)
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetAlias")
            .WithSummary("Get an alias; its ETag changes with every move")
            .WithExamples(response: Alias);
        aliases
            .MapPut("/{alias}", Move)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition(canCreate: true)
            .WithName("MoveAlias")
            .WithSummary("Move an alias to a version, or create it")
            .WithExamples("""{ "version": 2 }""", Alias);
        aliases
            .MapPost("/{alias}/roll-back", RollBack)
            .RequireScope(Scopes.Write("serving"))
            .WithIdempotency()
            .WithPrecondition()
            .WithName("RollBackAlias")
            .WithSummary("Undo the last move of an alias that was not undone yet")
            .WithExamples(response: """{ "alias": "champion", "version": 1 }""");
        aliases
            .MapDelete("/{alias}", Delete)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("DeleteAlias")
            .WithSummary("Delete an alias; its history remains");
        aliases
            .MapGet("/{alias}/history", History)
            .TakesOnly("limit", "cursor")
            .RequireScope(Scopes.Read("serving"))
            .WithName("ListAliasMoves")
            .WithSummary("List the moves of an alias, newest first")
            .WithExamples(
                response: """
                {
                  "items": [{
                    "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "fromVersion": 1, "toVersion": 2,
                    "isRollBack": false, "actor": "build server", "at": "2026-11-21T09:13:52+00:00"
                  }],
                  "next": null
                }
                """
            );
    }

    public static async Task<Ok<IReadOnlyList<AliasResponse>>> List(
        string name,
        IModelStore models,
        CancellationToken cancellationToken
    )
    {
        var model =
            await models.FindModelAsync(name, cancellationToken) ?? throw RegistryException.UnknownModel(name);
        return TypedResults.Ok<IReadOnlyList<AliasResponse>>([.. model.Aliases.Select(AliasResponse.From)]);
    }

    public static async Task<Ok<AliasResponse>> Get(
        string name,
        string alias,
        HttpContext context,
        IModelStore models,
        CancellationToken cancellationToken
    )
    {
        var model =
            await models.FindModelAsync(name, cancellationToken) ?? throw RegistryException.UnknownModel(name);
        return Respond(
            context,
            model.Aliases.FirstOrDefault(a => a.Name == alias) ?? throw RegistryException.UnknownAlias(name, alias)
        );
    }

    public static async Task<Results<Ok<AliasResponse>, ProblemHttpResult>> Move(
        string name,
        string alias,
        MoveAliasRequest request,
        HttpContext context,
        AliasRegistry registry,
        CancellationToken cancellationToken
    )
    {
        if (FieldErrors.From(Validate(alias, request)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        return Respond(
            context,
            await registry.MoveAsync(
                name,
                alias,
                request.Version!.Value,
                Precondition.From(context.Request),
                AuditedRequest.From(context),
                cancellationToken
            )
        );
    }

    public static async Task<Ok<AliasResponse>> RollBack(
        string name,
        string alias,
        HttpContext context,
        AliasRegistry registry,
        CancellationToken cancellationToken
    ) =>
        Respond(
            context,
            await registry.RollBackAsync(
                name,
                alias,
                Precondition.From(context.Request),
                AuditedRequest.From(context),
                cancellationToken
            )
        );

    public static async Task<NoContent> Delete(
        string name,
        string alias,
        HttpContext context,
        AliasRegistry registry,
        CancellationToken cancellationToken
    )
    {
        await registry.DeleteAsync(
            name,
            alias,
            Precondition.From(context.Request),
            AuditedRequest.From(context),
            cancellationToken
        );
        return TypedResults.NoContent();
    }

    public static async Task<Results<Ok<Page<AliasMoveResponse>>, ProblemHttpResult>> History(
        string name,
        string alias,
        [AsParameters] PageQuery query,
        IModelStore models,
        CancellationToken cancellationToken
    )
    {
        if (query.Parse(out var cursor, out var limit) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var page = await models.ListMovesAsync(name, alias, cursor, limit, cancellationToken);
        if (page.Items.Count == 0 && cursor == default)
        {
            throw await models.FindModelAsync(name, cancellationToken) is null
                ? RegistryException.UnknownModel(name)
                : RegistryException.UnknownAlias(name, alias);
        }

        return TypedResults.Ok(new Page<AliasMoveResponse>([.. page.Items.Select(AliasMoveResponse.From)], page.Next));
    }

    private static Ok<AliasResponse> Respond(HttpContext context, ModelAlias alias)
    {
        Precondition.Send(context.Response, alias.MoveId);
        return TypedResults.Ok(AliasResponse.From(alias));
    }

    private static IEnumerable<FieldError> Validate(string alias, MoveAliasRequest request)
    {
        if (!AliasName.IsValid(alias))
        {
            yield return new("alias", AliasName.Rule);
        }

        if (request.Version is not >= 1)
        {
            yield return new(
                "version",
                request.Version is null ? LogisticModelValidator.Required : "must be 1 or more"
            );
        }
    }
}
