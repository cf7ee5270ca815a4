namespace CogniForge.ServiceDefaults.Errors;

/// <summary>Registers the error shapes of compatibility APIs.</summary>
public static class ProblemWriters
{
    /// <summary>Lets a writer answer for the routes of its API, in the error shape of the protocol that it imitates.</summary>
    /// <typeparam name="TWriter">The writer.</typeparam>
    /// <param name="services">The service's registrations.</param>
    public static void AddProblemWriter<TWriter>(this IServiceCollection services)
        where TWriter : class, IProblemDetailsWriter
    {
        // The first writer that can, does: ahead of ASP.NET's own, which can always.
        ArgumentNullException.ThrowIfNull(services);
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, TWriter>());
    }

    /// <summary>Names the shape in which a writer gives an API's errors, for the OpenAPI document.</summary>
    /// <typeparam name="TError">The shape.</typeparam>
    /// <param name="group">The API.</param>
    public static RouteGroupBuilder WithErrorShape<TError>(this RouteGroupBuilder group) =>
        group.WithMetadata(new ErrorShape(typeof(TError)));

    /// <summary>Names an error that an API can answer beyond those that its endpoints have by what they are, for the OpenAPI document.</summary>
    /// <param name="group">The API.</param>
    /// <param name="status">The status.</param>
    /// <param name="description">What it means.</param>
    public static RouteGroupBuilder WithError(this RouteGroupBuilder group, int status, string description) =>
        group.WithMetadata(new PossibleError(status, description));
}
