using CogniForge.Llm.Gateway;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>A request that asks to be admitted.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Request">The request.</param>
/// <param name="Route">Its route.</param>
/// <param name="Order">The targets in their order.</param>
/// <param name="Now">When it came.</param>
/// <param name="Deadline">When it is over at the latest.</param>
internal sealed record AdmissionRequest(
    Guid Id,
    Caller Caller,
    InferenceRequest Request,
    ModelRoute Route,
    IReadOnlyList<ResolvedTarget> Order,
    DateTimeOffset Now,
    DateTimeOffset Deadline
);
