namespace CogniForge.ServiceDefaults.Errors;

/// <summary>Rejects unknown query parameters: a mistyped filter must not return everything.</summary>
public static class QueryValidation
{
    /// <summary>The parameters of a query that an endpoint does not know.</summary>
    /// <param name="query">The query.</param>
    /// <param name="names">The known parameters, case-insensitive.</param>
    public static IEnumerable<FieldError> Unknown(this IQueryCollection query, params IReadOnlyList<string> names) =>
        query
            .Keys.Except(names, StringComparer.OrdinalIgnoreCase)
            .Select(name => new FieldError(
                name,
                $"is not a known parameter; known: {(names.Count == 0 ? "none" : string.Join(", ", names))}"
            ));

    /// <summary>Rejects a query with unknown parameters: 400.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group of endpoints.</typeparam>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="names">The known parameters.</param>
    public static TBuilder TakesOnly<TBuilder>(this TBuilder endpoints, params string[] names)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(
            async (context, next) =>
                FieldErrors.From(context.HttpContext.Request.Query.Unknown(names)) is { Count: > 0 } errors
                    ? Problems.Invalid(errors)
                    : await next(context)
        );
}
