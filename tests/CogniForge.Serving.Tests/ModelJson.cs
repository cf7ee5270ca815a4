namespace CogniForge.Serving.Tests;

/// <summary>The body that registers a small model: two inputs, of which the first decides.</summary>
internal static class ModelJson
{
    public static string Create(string name) =>
        $$"""{"name":"{{name}}","kind":"logistic","inputs":["x","y"],"classes":["no","yes"],"intercept":-0.5,"coefficients":[1,0]}""";
}
