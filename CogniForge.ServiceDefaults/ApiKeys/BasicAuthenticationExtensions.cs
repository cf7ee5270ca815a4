namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Marks endpoints that accept <c>Authorization: Basic</c>.</summary>
public static class BasicAuthenticationExtensions
{
    /// <summary>
    /// Also accepts the API key as the user name of <c>Authorization: Basic</c>, for event SDKs that send nothing else.
    /// Elsewhere it is refused: proxies write user names to their logs.
    /// </summary>
    /// <typeparam name="TBuilder">An endpoint or a group of endpoints.</typeparam>
    /// <param name="builder">The endpoint.</param>
    public static TBuilder AcceptsBasic<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new BasicAuthenticationMetadata());
}
