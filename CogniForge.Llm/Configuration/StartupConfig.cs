using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>The routes, providers and projects of the process's configuration, and the built-in prices.</summary>
/// <param name="Providers">The providers with an address, or with an API key and a known name.</param>
/// <param name="Keyed">The names of the providers with an API key in the configuration.</param>
/// <param name="Routes">The routes, all valid.</param>
/// <param name="Projects">The projects, all valid.</param>
/// <param name="Prices">The built-in prices.</param>
/// <param name="Timeouts">The timeouts of the service.</param>
/// <param name="HasMock">Whether the mock exists, see <see cref="Providers.Mock.MockOptions.Enabled"/>.</param>
internal sealed record StartupConfig(
    IReadOnlyList<Provider> Providers,
    IReadOnlySet<string> Keyed,
    IReadOnlyList<ModelRoute> Routes,
    IReadOnlyList<Project> Projects,
    IReadOnlyList<Price> Prices,
    TimeoutOverrides Timeouts,
    bool HasMock
);
