namespace CogniForge.Serving.Tests;

/// <summary>The registration of a small model with two inputs, of which only the first has an effect.</summary>
internal static class ModelJson
{
    public static string Create(string name) =>
        $$"""
        {"name":"{{name}}","kind":"logistic","inputs":["x","y"],"classes":["no","yes"],"intercept":-0.5,
        "coefficients":[1,0]}
        """;
}
