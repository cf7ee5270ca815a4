using CogniForge.Llm.Gateway;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>A request that asks for admission.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Project">The project of its key; null: none.</param>
/// <param name="Request">The request.</param>
/// <param name="Route">Its route.</param>
/// <param name="Targets">The targets in order of preference.</param>
/// <param name="Permit">The permission to read its body.</param>
/// <param name="Now">When it arrived.</param>
internal sealed record AdmissionRequest(
    Caller Caller,
    Project? Project,
    InferenceRequest Request,
    ModelRoute Route,
    IReadOnlyList<ResolvedTarget> Targets,
    RequestPermit Permit,
    DateTimeOffset Now
);
