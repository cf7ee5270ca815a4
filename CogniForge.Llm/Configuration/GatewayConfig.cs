using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>What the admin API can change while the gateway runs. Immutable.</summary>
/// <param name="Routes">The routes and providers of models.</param>
/// <param name="Prices">The prices of models.</param>
/// <param name="Projects">The projects of API keys.</param>
internal sealed record GatewayConfig(RouteTable Routes, PriceTable Prices, ProjectTable Projects);
