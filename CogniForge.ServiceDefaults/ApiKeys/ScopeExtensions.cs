namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Requires a scope of an endpoint's callers.</summary>
public static class ScopeExtensions
{
    /// <summary>Requires a scope: 401 without a valid key, 403 without the scope.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group of endpoints.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scope">See <see cref="Scopes"/>.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization().WithMetadata(new ScopeRequirement(scope));
}
