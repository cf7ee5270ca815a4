namespace CogniForge.ServiceDefaults.Http;

/// <summary>Registers the error shapes of compatibility APIs.</summary>
public static class ProblemWriters
{
    /// <summary>Lets a writer answer for the routes of its API, in the error shape of the protocol that it imitates.</summary>
    /// <typeparam name="TWriter">The writer.</typeparam>
    /// <param name="services">The service's registrations.</param>
    public static void AddProblemWriter<TWriter>(this IServiceCollection services) where TWriter : class, IProblemDetailsWriter
    {
        // The first writer that can, does: ahead of ASP.NET's own, which can always.
        ArgumentNullException.ThrowIfNull(services);
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, TWriter>());
    }
}
