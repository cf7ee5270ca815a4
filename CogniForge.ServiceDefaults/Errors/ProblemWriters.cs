namespace CogniForge.ServiceDefaults.Errors;

/// <summary>Registers the error shapes of compatibility APIs.</summary>
public static class ProblemWriters
{
    /// <summary>Writes an API's errors in the format of the protocol that it implements.</summary>
    /// <typeparam name="TWriter">The writer.</typeparam>
    /// <param name="services">The service's registrations.</param>
    public static void AddProblemWriter<TWriter>(this IServiceCollection services)
        where TWriter : class, IProblemDetailsWriter
    {
        // ASP.NET uses the first writer that can write, and its own always can.
        ArgumentNullException.ThrowIfNull(services);
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, TWriter>());
    }

    /// <summary>Declares the format of an API's errors for the OpenAPI document.</summary>
    /// <typeparam name="TError">The type of the errors.</typeparam>
    /// <param name="group">The API.</param>
    public static RouteGroupBuilder WithErrorShape<TError>(this RouteGroupBuilder group) =>
        group.WithMetadata(new ErrorShape(typeof(TError)));

    /// <summary>Declares an additional error of an API for the OpenAPI document.</summary>
    /// <param name="group">The API.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="description">The description of the error.</param>
    public static RouteGroupBuilder WithError(this RouteGroupBuilder group, int status, string description) =>
        group.WithMetadata(new PossibleError(status, description));
}
