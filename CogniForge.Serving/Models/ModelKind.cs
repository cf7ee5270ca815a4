namespace CogniForge.Serving.Models;

/// <summary>The kinds of models: how a version computes its outputs.</summary>
internal static class ModelKind
{
    /// <summary>A binary logistic regression, defined inline.</summary>
    public const string Logistic = "logistic";

    /// <summary>A linear regression, defined inline.</summary>
    public const string Linear = "linear";

    /// <summary>XGBoost's JSON model, inline or as an artefact.</summary>
    public const string Xgboost = "xgboost";

    /// <summary>An ONNX model, as an artefact.</summary>
    public const string Onnx = "onnx";

    /// <summary>A model behind an Open Inference Protocol v2 endpoint.</summary>
    public const string Remote = "remote";

    /// <summary>A model of the LLM gateway.</summary>
    public const string Llm = "llm";

    /// <summary>Versions of other models that decide together, defined inline.</summary>
    public const string Ensemble = "ensemble";

    /// <summary>A model for tests, without arithmetic.</summary>
    public const string Mock = "mock";

    /// <summary>A model that is served elsewhere: it is only registered and measured here.</summary>
    public const string External = "external";

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> All { get; } =
    [Logistic, Linear, Xgboost, Onnx, Remote, Llm, Ensemble, Mock, External];

    /// <summary>Whether a version of this kind is complete with its definition, so there is nothing to load.</summary>
    public static bool IsInline(string kind) => kind is Logistic or Linear or Ensemble or Mock;

    /// <summary>Whether a version of this kind takes an artefact.</summary>
    public static bool TakesArtifact(string kind) => kind is Xgboost or Onnx or External;
}
