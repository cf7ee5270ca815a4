using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Parses the body of a request; without errors, the request is not null.</summary>
internal delegate IReadOnlyList<FieldError> RequestParser(
    JsonElement body,
    IHeaderDictionary headers,
    out InferenceRequest? request
);
