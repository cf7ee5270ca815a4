namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>The life of a service's process.</summary>
public static class ServiceRunner
{
    /// <summary>Runs the service until it is stopped.</summary>
    /// <param name="app">The service.</param>
    public static void RunService(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        try
        {
            app.Start();
        }
        catch
        {
            // Otherwise the host would log each background service that it cancels as a fault.
            app.Lifetime.StopApplication();
            throw;
        }

        // Disposing flushes the telemetry.
        using (app as IDisposable)
        {
            app.WaitForShutdown();
        }
    }
}
