namespace CogniForge.Serving.Models;

/// <summary>Examples of the registry's responses in the OpenAPI document.</summary>
internal static class RegistryExamples
{
    public const string Model = """
        {
          "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "name": "churn", "description": "Who leaves next month",
          "tags": { "team": "growth" }, "aliases": { "champion": 1 }, "latestVersion": 1, "servingVersion": 1,
          "createdAt": "2026-11-21T09:13:52+00:00", "updatedAt": "2026-11-21T09:13:52+00:00"
        }
        """;

    public const string Version = """
        {
          "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "name": "churn", "version": 2, "kind": "onnx",
          "task": "classification", "state": "registered", "stateReason": null, "description": "Gradient boosting",
          "tags": {}, "schema": {
            "inputs": [{ "name": "features", "datatype": "FP32", "shape": [-1, 2] }],
            "outputs": [{ "name": "label", "datatype": "INT64", "shape": [-1] }]
          },
          "definition": null, "artifact": null, "endpoint": null,
          "price": { "perRequest": 0.0001, "perThousandTokens": null, "perSecond": null },
          "lineage": { "trainingData": "s3://data/churn/2026-11", "metrics": { "auc": 0.91 }, "details": null },
          "createdAt": "2026-11-21T09:13:52+00:00", "updatedAt": "2026-11-21T09:13:52+00:00"
        }
        """;
}
