namespace CogniForge.Serving.Routing;

/// <summary>Stores the policies of models. A policy is deleted with its model.</summary>
internal interface IRoutingStore
{
    /// <summary>Finds the policy of a model; null: it has none.</summary>
    Task<ModelRouting?> FindAsync(string model, CancellationToken cancellationToken);

    /// <summary>Lists the policies whose canary is running.</summary>
    Task<IReadOnlyList<ModelRouting>> ListRunningCanariesAsync(CancellationToken cancellationToken);

    /// <summary>Decides on a change and stores it with its audit entry, in one transaction.</summary>
    /// <remarks>Changes of one model run one after the other, so the decision holds when it is stored.</remarks>
    /// <param name="model">The model's name.</param>
    /// <param name="decide">
    /// Gets the present policy; returns the change, null for none; throws to refuse it. Without side effects.
    /// </param>
    /// <param name="cancellationToken">Cancels the transaction.</param>
    /// <exception cref="Models.RegistryException">The model is unknown, or the change is refused.</exception>
    Task ChangeAsync(
        string model,
        Func<ModelRouting?, RoutingChange?> decide,
        CancellationToken cancellationToken
    );
}
