using CogniForge.Bench.Suites.Serving.Trees.Onnx;
using Google.Protobuf;
using static CogniForge.Bench.Suites.Serving.Trees.Onnx.AttributeProto.Types;

namespace CogniForge.Bench.Suites.Serving.Trees;

/// <summary>Writes trees as an ONNX model with one operator, <c>TreeEnsembleRegressor</c> of ai.onnx.ml 1.</summary>
internal static class OnnxFormat
{
    public const string Input = "features";
    public const string Output = "prediction";
    private const int Float = 1;

    private static readonly int[] _nodes = [.. Enumerable.Range(0, RandomTrees.Trees * RandomTrees.Nodes)];
    private static readonly int[] _leaves = [.. _nodes.Where(n => !IsSplit(n))];

    public static byte[] Write(RandomTrees trees)
    {
        var operation = new NodeProto { OpType = "TreeEnsembleRegressor", Domain = "ai.onnx.ml" };
        operation.Input.Add(Input);
        operation.Output.Add(Output);
        operation.Attribute.Add(new AttributeProto { Name = "n_targets", Type = AttributeType.Int, I = 1 });
        operation.Attribute.Add(Ints("nodes_treeids", _nodes, n => n / RandomTrees.Nodes));
        operation.Attribute.Add(Ints("nodes_nodeids", _nodes, n => n % RandomTrees.Nodes));
        operation.Attribute.Add(Ints("nodes_featureids", _nodes, n => IsSplit(n) ? trees.Feature[n] : 0));
        operation.Attribute.Add(Ints("nodes_truenodeids", _nodes, n => GetChild(n, 1)));
        operation.Attribute.Add(Ints("nodes_falsenodeids", _nodes, n => GetChild(n, 2)));
        operation.Attribute.Add(Floats("nodes_values", _nodes, n => IsSplit(n) ? trees.Value[n] : 0));
        var modes = new AttributeProto { Name = "nodes_modes", Type = AttributeType.Strings };
        modes.Strings.AddRange(_nodes.Select(n => ByteString.CopyFromUtf8(IsSplit(n) ? "BRANCH_LT" : "LEAF")));
        operation.Attribute.Add(modes);
        operation.Attribute.Add(Ints("target_treeids", _leaves, n => n / RandomTrees.Nodes));
        operation.Attribute.Add(Ints("target_nodeids", _leaves, n => n % RandomTrees.Nodes));
        operation.Attribute.Add(Ints("target_ids", _leaves, _ => 0));
        operation.Attribute.Add(Floats("target_weights", _leaves, n => trees.Value[n]));

        var graph = new GraphProto { Name = "trees" };
        graph.Node.Add(operation);
        graph.Input.Add(Describe(Input, RandomTrees.Features));
        graph.Output.Add(Describe(Output, 1));
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 13 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 1 });
        return model.ToByteArray();
    }

    private static bool IsSplit(int node) => node % RandomTrees.Nodes < RandomTrees.Splits;

    private static int GetChild(int node, int number) =>
        IsSplit(node) ? (2 * (node % RandomTrees.Nodes)) + number : 0;

    private static AttributeProto Ints(string name, int[] nodes, Func<int, int> get)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(nodes.Select(n => (long)get(n)));
        return attribute;
    }

    private static AttributeProto Floats(string name, int[] nodes, Func<int, float> get)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Floats };
        attribute.Floats.AddRange(nodes.Select(get));
        return attribute;
    }

    private static ValueInfoProto Describe(string name, int width)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "rows" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = width });
        return new()
        {
            Name = name,
            Type = new() { TensorType = new() { ElemType = Float, Shape = shape } },
        };
    }
}
