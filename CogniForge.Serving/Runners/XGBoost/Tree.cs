namespace CogniForge.Serving.Runners.XGBoost;

/// <summary>A tree of a model.</summary>
/// <param name="Root">The index of its root.</param>
/// <param name="Depth">The number of comparisons on its longest path.</param>
/// <param name="Group">The output to which its leaves add.</param>
internal readonly record struct Tree(int Root, int Depth, int Group);
