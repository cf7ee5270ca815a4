using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CogniForge.Tests;

/// <summary>Data protection, whose keys no service needs.</summary>
public static class DataProtection
{
    /// <summary>Asserts that no service creates data protection keys in the home directory at its start.</summary>
    public static void AssertNoKeys(IServiceProvider services) =>
        Assert.DoesNotContain(
            services.GetServices<IHostedService>(),
            s => s.GetType().Name.Contains("DataProtection", StringComparison.Ordinal)
        );
}
