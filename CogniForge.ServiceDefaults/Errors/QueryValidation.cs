namespace CogniForge.ServiceDefaults.Errors;

/// <summary>Refuses parameters that nobody would read: a mistyped filter must not mean everything.</summary>
public static class QueryValidation
{
    /// <summary>The parameters of a query that an endpoint does not have.</summary>
    /// <param name="query">The query.</param>
    /// <param name="names">The parameters that there are, in any case of letters.</param>
    public static IEnumerable<FieldError> Unknown(this IQueryCollection query, params IReadOnlyList<string> names) =>
        query
            .Keys.Except(names, StringComparer.OrdinalIgnoreCase)
            .Select(name => new FieldError(
                name,
                $"is no parameter of this; there {(names.Count == 0 ? "are none" : $"{(names.Count == 1 ? "is" : "are")} {string.Join(", ", names)}")}"
            ));

    /// <summary>Answers 400 to a query with other parameters than these.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group of them.</typeparam>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="names">The parameters that there are.</param>
    public static TBuilder TakesOnly<TBuilder>(this TBuilder endpoints, params string[] names)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(
            async (context, next) =>
                context.HttpContext.Request.Query.Unknown(names).ToList() is { Count: > 0 } errors
                    ? Problems.Invalid(errors)
                    : await next(context)
        );
}
