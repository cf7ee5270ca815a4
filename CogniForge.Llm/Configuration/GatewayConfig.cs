using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>All that can be changed while the gateway runs. Immutable.</summary>
/// <param name="Routes">Who answers which model.</param>
/// <param name="Prices">What models cost.</param>
internal sealed record GatewayConfig(RouteTable Routes, PriceTable Prices);
