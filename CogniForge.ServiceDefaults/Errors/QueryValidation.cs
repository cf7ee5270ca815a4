namespace CogniForge.ServiceDefaults.Errors;

/// <summary>
/// Rejects unknown query parameters of native APIs: a mistyped filter must not return everything. Other protocols stay
/// as liberal as their originals.
/// </summary>
public static class QueryValidation
{
    private static readonly PathString _nativeApis = "/api";

    /// <summary>Declares the query parameters of a native API. Default: none.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group of endpoints.</typeparam>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="names">The known parameters, case-insensitive; <c>metadata.*</c>: all that start so.</param>
    public static TBuilder TakesOnly<TBuilder>(this TBuilder endpoints, params string[] names)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new QueryParameters(names));

    /// <summary>Rejects requests of native APIs that have unknown query parameters: 400.</summary>
    internal static void UseQueryValidation(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                context.Request.Query.Count > 0
                && context.GetEndpoint() is { } endpoint
                && context.Request.Path.StartsWithSegments(_nativeApis)
                && FieldErrors.From(
                    FindUnknown(context.Request.Query, endpoint.Metadata.GetMetadata<QueryParameters>()?.Names ?? [])
                )
                    is { Count: > 0 } errors
                    ? Problems.Invalid(errors).ExecuteAsync(context)
                    : next(context)
        );

    private static IEnumerable<FieldError> FindUnknown(IQueryCollection query, IReadOnlyList<string> names) =>
        query
            .Keys.Where(key => !names.Any(name => IsMatch(name, key)))
            .Select(name => new FieldError(
                name,
                $"is not a known parameter; known: {(names.Count == 0 ? "none" : string.Join(", ", names))}"
            ));

    private static bool IsMatch(string name, string key) =>
        name.EndsWith('*')
            ? key.StartsWith(name[..^1], StringComparison.OrdinalIgnoreCase)
            : key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
