using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>What the process starts with: its configuration, and what is built in. The admin API's settings go on top.</summary>
/// <param name="Providers">The providers that configuration names.</param>
/// <param name="Keyed">The names of the providers with an API key in the configuration.</param>
/// <param name="Routes">The routes that configuration names.</param>
/// <param name="Prices">The built-in prices.</param>
internal sealed record FileConfig(
    IReadOnlyList<Provider> Providers,
    IReadOnlySet<string> Keyed,
    IReadOnlyList<ModelRoute> Routes,
    IReadOnlyList<Price> Prices
);
