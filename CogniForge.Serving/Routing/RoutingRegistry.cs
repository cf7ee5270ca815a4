using CogniForge.ServiceDefaults.Audit;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Routing;

/// <summary>Changes the policies of models.</summary>
internal sealed class RoutingRegistry(IRoutingStore routings, IModelStore models)
    : IVersionUsage,
        IAliasUsage
{
    /// <summary>Sets the policy of a model; a canary begins with its first step.</summary>
    /// <exception cref="RegistryException">
    /// The model, a version or an alias is unknown, or the policy has changed.
    /// </exception>
    public async Task<ModelRouting> SetAsync(
        string name,
        RoutingPolicy policy,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        var model = await models.FindModelAsync(name, cancellationToken) ?? throw RegistryException.UnknownModel(name);
        foreach (var target in policy.Targets!)
        {
            await CheckAsync(model, target!.Version, target.Alias, cancellationToken);
        }

        if (policy.Fallback is { } fallback)
        {
            await CheckAsync(model, fallback.Version, fallback.Alias, cancellationToken);
        }

        var at = StoredTime.Truncate(request.At);
        var after = new ModelRouting(
            name,
            policy,
            policy.Canary is { } plan ? CanaryState.Start(plan, at) : null,
            Guid.CreateVersion7(request.At),
            at
        );
        await routings.ChangeAsync(
            name,
            before =>
            {
                precondition.Check(before?.Revision);
                return new(after, request.ToEntry(Path(name), Describe(before), Describe(after)));
            },
            cancellationToken
        );
        return after;
    }

    /// <summary>Deletes the policy of a model: its newest serving version gets the requests.</summary>
    /// <exception cref="RegistryException">There is none, or it has changed.</exception>
    public Task DeleteAsync(
        string name,
        Precondition precondition,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        routings.ChangeAsync(
            name,
            before =>
            {
                precondition.Check(before?.Revision);
                return before is null
                    ? throw Unknown(name)
                    : new(null, request.ToEntry(Path(name), Describe(before)));
            },
            cancellationToken
        );

    /// <inheritdoc/>
    /// <remarks>An alias protects its version by itself. A policy is deleted with its model.</remarks>
    public async Task<string?> FindUserAsync(string model, int? version, CancellationToken cancellationToken) =>
        version is { } number
        && (await routings.FindAsync(model, cancellationToken))?.Policy is { } policy
        && (policy.Fallback?.Version == number || policy.Targets!.Any(t => t!.Version == number))
            ? "the model's routing policy"
            : null;

    /// <inheritdoc/>
    public async Task<string?> FindAliasUserAsync(string model, string alias, CancellationToken cancellationToken) =>
        (await routings.FindAsync(model, cancellationToken))?.Policy is { } policy
        && (policy.Fallback?.Alias == alias || policy.Targets!.Any(t => t!.Alias == alias))
            ? "the model's routing policy"
            : null;

    /// <summary>The error of a model without a policy.</summary>
    public static RegistryException Unknown(string name) =>
        new(RegistryErrorKind.NotFound, $"Model '{name}' has no routing policy.");

    /// <summary>The resource of a policy in the audit.</summary>
    public static string Path(string name) => $"models/{name}/routing";

    private async Task CheckAsync(
        RegisteredModel model,
        int? version,
        string? alias,
        CancellationToken cancellationToken
    )
    {
        if (alias is not null && model.Aliases.All(a => a.Name != alias))
        {
            throw RegistryException.UnknownAlias(model.Name, alias);
        }

        if (version is { } number && await models.FindAsync(model.Name, number, cancellationToken) is null)
        {
            throw RegistryException.UnknownVersion(model.Name, number);
        }
    }

    private static RoutingResponse? Describe(ModelRouting? routing) =>
        routing is null ? null : RoutingResponse.From(routing);
}
