using CogniForge.Llm.Gateway;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>A request that asks for admission.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Caller">The caller.</param>
/// <param name="Request">The request.</param>
/// <param name="Route">Its route.</param>
/// <param name="Order">The targets in order of preference.</param>
/// <param name="Now">When it arrived.</param>
/// <param name="Deadline">When it ends at the latest.</param>
internal sealed record AdmissionRequest(
    Guid Id,
    Caller Caller,
    InferenceRequest Request,
    ModelRoute Route,
    IReadOnlyList<ResolvedTarget> Order,
    DateTimeOffset Now,
    DateTimeOffset Deadline
);
