namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Names the scope of an endpoint.</summary>
public static class ScopeExtensions
{
    /// <summary>Lets only callers with this scope through: 401 without a valid key, 403 without the scope.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group of them.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scope">See <see cref="Scopes"/>.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization().WithMetadata(new ScopeRequirement(scope));
}
